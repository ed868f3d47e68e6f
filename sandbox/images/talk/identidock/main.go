// Command identidock serves a page on port 9090 that turns a name into a picture; pictures come from dnmonster:8080 and are
// kept in redis:6379 under the hash of the name.
package main

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io"
	"log"
	"net/http"
	"strings"
	"sync"
	"time"
)

const (
	salt           = "UNIQUE_SALT"
	defaultName    = "Joe Bloggs"
	longestName    = 200
	largestPicture = 8 << 20
)

//go:embed page.html
var pageText string

var (
	page   = template.Must(template.New("page").Parse(pageText))
	client = &http.Client{Timeout: 10 * time.Second}
	// fetching makes simultaneous requests for a new name ask dnmonster once.
	fetching sync.Mutex
)

type view struct {
	Name, Hash, Trouble string
	Cached              bool
}

func main() {
	http.HandleFunc("/monster/", monsterPicture)
	http.HandleFunc("/", mainPage)
	log.SetFlags(log.LstdFlags | log.LUTC)
	log.Print("identidock listens on port 9090")
	server := &http.Server{Addr: ":9090", ReadHeaderTimeout: 10 * time.Second}
	log.Fatal(server.ListenAndServe())
}

func mainPage(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/" {
		http.NotFound(w, r)
		return
	}
	name := strings.TrimSpace(r.FormValue("name"))
	if name == "" {
		name = defaultName
	}
	if len(name) > longestName {
		http.Error(w, "the name is too long, allowed are 200 bytes", http.StatusBadRequest)
		return
	}
	sum := sha256.Sum256([]byte(salt + name))
	data := view{Name: name, Hash: hex.EncodeToString(sum[:])}
	answer, _, err := redisCommand("EXISTS", data.Hash)
	data.Cached = answer == "1"
	if err != nil {
		data.Trouble = "Redis does not answer"
		log.Printf("redis: %v", err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if err := page.Execute(w, data); err != nil {
		log.Printf("cannot send the page: %v", err)
	}
}

func monsterPicture(w http.ResponseWriter, r *http.Request) {
	hash := strings.TrimPrefix(r.URL.Path, "/monster/")
	if hash == "" || strings.ContainsAny(hash, "/?#") || len(hash) > longestName {
		http.NotFound(w, r)
		return
	}
	picture, cache, err := monster(hash)
	if err != nil {
		log.Print(err)
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	w.Header().Set("Content-Type", "image/png")
	w.Header().Set("X-Cache", cache)
	io.WriteString(w, picture)
}

// monster gives the picture and whether it was a `hit` or a `miss` of the cache.
func monster(hash string) (picture, cache string, err error) {
	fetching.Lock()
	defer fetching.Unlock()
	picture, found, err := redisCommand("GET", hash)
	if err != nil {
		return "", "", fmt.Errorf("cannot read from redis:6379: %w", err)
	}
	if found {
		return picture, "hit", nil
	}
	log.Print("Cache miss")
	response, err := client.Get("http://dnmonster:8080/monster/" + hash + "?size=80")
	if err != nil {
		return "", "", fmt.Errorf("cannot get the picture: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return "", "", fmt.Errorf("cannot get the picture: dnmonster:8080 answered %s", response.Status)
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, largestPicture))
	if err != nil {
		return "", "", fmt.Errorf("cannot get the picture: %w", err)
	}
	if _, _, err = redisCommand("SET", hash, string(body)); err != nil {
		return "", "", fmt.Errorf("cannot write to redis:6379: %w", err)
	}
	return string(body), "miss", nil
}
