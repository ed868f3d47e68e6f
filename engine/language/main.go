// Command pulumi-language-nodejs runs Node programs for the Pulumi engine: the language host of the CLI that is built beside it.
//
// It serves the engine's LanguageRuntime protocol for programs whose dependencies are installed and whose code is compiled: npm
// brings the SDK, which does the work. Code generation and templates are not part of it.
package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
)

func main() {
	// Options of the runtime come as flags too, but each request repeats them; only the engine's address stands alone.
	engine := ""
	for _, argument := range os.Args[1:] {
		if !strings.HasPrefix(argument, "-") {
			engine = argument
		}
	}
	if err := serve(engine); err != nil {
		fmt.Fprintln(os.Stderr, "pulumi-language-nodejs:", err)
		os.Exit(1)
	}
}

func serve(engine string) error {
	alive, gone := context.WithCancel(context.Background())
	defer gone()
	if engine != "" {
		// The host ends with its engine.
		if err := rpcutil.Healthcheck(alive, engine, 5*time.Minute, gone); err != nil {
			return fmt.Errorf("cannot watch the engine at %s: %w", engine, err)
		}
	}
	stop := make(chan bool)
	go func() {
		<-alive.Done()
		close(stop)
	}()
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Cancel: stop,
		Init: func(server *grpc.Server) error {
			pulumirpc.RegisterLanguageRuntimeServer(server, &host{engine: engine})
			return nil
		},
	})
	if err != nil {
		return fmt.Errorf("cannot serve: %w", err)
	}
	fmt.Println(handle.Port) // The engine reads the port from the first line.
	return <-handle.Done
}
