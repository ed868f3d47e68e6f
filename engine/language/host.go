package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/version"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/emptypb"
)

// shownToUser is the exit code of a program that has already told the user what is wrong.
const shownToUser = 32

type host struct {
	pulumirpc.UnimplementedLanguageRuntimeServer
	engine string
}

func (h *host) Handshake(
	_ context.Context, request *pulumirpc.LanguageHandshakeRequest,
) (*pulumirpc.LanguageHandshakeResponse, error) {
	if address := request.GetEngineAddress(); address != "" {
		h.engine = address
	}
	return &pulumirpc.LanguageHandshakeResponse{}, nil
}

func (h *host) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: version.Version}, nil
}

// Run runs the program to its end; while it runs, it talks to the engine itself.
func (h *host) Run(ctx context.Context, request *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	node, err := exec.LookPath("node")
	if err != nil {
		return &pulumirpc.RunResponse{Error: "cannot find node on PATH: install Node.js 20 or newer"}, nil
	}
	directory := request.GetInfo().GetProgramDirectory()
	if directory == "" {
		directory = request.GetPwd()
	}
	runner, err := resolve(ctx, node, directory, "@pulumi/pulumi/cmd/run")
	if err != nil {
		return &pulumirpc.RunResponse{Error: err.Error()}, nil
	}
	config, err := json.Marshal(request.GetConfig())
	if err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	secrets, err := json.Marshal(append([]string{}, request.GetConfigSecretKeys()...))
	if err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	options := request.GetInfo().GetOptions().AsMap()
	command := exec.CommandContext(ctx, node, append(nodeArguments(options), h.arguments(runner, request)...)...)
	command.Dir = request.GetPwd()
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	command.Env = append(os.Environ(), "PULUMI_CONFIG="+string(config), "PULUMI_CONFIG_SECRET_KEYS="+string(secrets))
	if compile, ok := options["typescript"].(bool); !ok || compile {
		command.Env = append(command.Env, "PULUMI_NODEJS_TYPESCRIPT=true")
	}
	if file, ok := options["tsconfig"].(string); ok {
		command.Env = append(command.Env, "PULUMI_NODEJS_TSCONFIG_PATH="+file)
	}
	return response(command.Run()), nil
}

func response(err error) *pulumirpc.RunResponse {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return &pulumirpc.RunResponse{}
	case errors.As(err, &exit) && exit.ExitCode() == shownToUser:
		return &pulumirpc.RunResponse{Bail: true}
	case errors.As(err, &exit):
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("the program ended with exit code %d", exit.ExitCode())}
	default:
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("cannot start the program: %v", err)}
	}
}

func (h *host) arguments(runner string, request *pulumirpc.RunRequest) []string {
	arguments := []string{runner}
	for _, flag := range []struct{ name, value string }{
		{"monitor", request.GetMonitorAddress()},
		{"engine", h.engine},
		{"organization", request.GetOrganization()},
		{"project", request.GetProject()},
		{"stack", request.GetStack()},
		{"root-directory", request.GetInfo().GetRootDirectory()},
		{"pwd", request.GetPwd()},
		{"parallel", strconv.Itoa(int(request.GetParallel()))},
	} {
		if flag.value != "" {
			arguments = append(arguments, "--"+flag.name, flag.value)
		}
	}
	if request.GetDryRun() {
		arguments = append(arguments, "--dry-run")
	}
	program := request.GetInfo().GetEntryPoint()
	if program == "" {
		program = "." // Node then goes by the "main" of package.json.
	}
	return append(append(arguments, program), request.GetArgs()...)
}

// nodeArguments gives the words of the runtime option `nodeargs`.
func nodeArguments(options map[string]any) []string {
	text, _ := options["nodeargs"].(string)
	return strings.Fields(text)
}

// resolve gives the file of a module as a program in the directory would load it.
func resolve(ctx context.Context, node, directory, module string) (string, error) {
	command := exec.CommandContext(ctx, node, "-p", fmt.Sprintf("require.resolve(%q)", module))
	command.Dir = directory
	output, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("%s is not installed in %s: run npm ci", module, directory)
	}
	return strings.TrimSpace(string(output)), nil
}
