// Command dnmonster answers GET /monster/<name>?size=<pixels> on port 8080 with a PNG; the same name gives the same monster.
package main

import (
	"image/png"
	"log"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	defaultSize = 80
	minimumSize = 8
	maximumSize = 1024
)

func main() {
	http.HandleFunc("/monster/", monsterPage)
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Write([]byte("dnmonster: GET /monster/<name>?size=80\n"))
	})
	log.SetFlags(log.LstdFlags | log.LUTC)
	log.Print("dnmonster listens on port 8080")
	server := &http.Server{Addr: ":8080", ReadHeaderTimeout: 10 * time.Second}
	log.Fatal(server.ListenAndServe())
}

func monsterPage(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/monster/")
	if name == "" {
		http.Error(w, "the path is /monster/, allowed is /monster/<name>?size=80", http.StatusNotFound)
		return
	}
	size := defaultSize
	if text := r.URL.Query().Get("size"); text != "" {
		value, err := strconv.Atoi(text)
		if err != nil || value < minimumSize || value > maximumSize {
			http.Error(w, "size is '"+text+"', allowed are whole numbers from 8 to 1024", http.StatusBadRequest)
			return
		}
		size = value
	}
	log.Printf("%s size=%d", r.URL.Path, size)
	w.Header().Set("Content-Type", "image/png")
	if err := png.Encode(w, draw(name, size)); err != nil {
		log.Printf("cannot send the picture: %v", err)
	}
}
