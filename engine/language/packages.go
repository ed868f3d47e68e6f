package main

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// manifest is what a package.json says that matters here.
type manifest struct {
	Version      string            `json:"version"`
	Dependencies map[string]string `json:"dependencies"`
	Pulumi       struct {
		Resource bool   `json:"resource"`
		Name     string `json:"name"`
		Version  string `json:"version"`
		Server   string `json:"server"`
	} `json:"pulumi"`
}

// GetRequiredPlugins names the plugins of the program's direct dependencies: npm packages say in their package.json which they need.
func (h *host) GetRequiredPlugins(
	_ context.Context, request *pulumirpc.GetRequiredPluginsRequest,
) (*pulumirpc.GetRequiredPluginsResponse, error) {
	directory := request.GetInfo().GetProgramDirectory()
	program, err := readManifest(directory)
	if err != nil {
		return nil, err
	}
	response := &pulumirpc.GetRequiredPluginsResponse{}
	for name := range program.Dependencies {
		dependency, err := readManifest(filepath.Join(directory, "node_modules", name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if plugin := dependency.Pulumi; plugin.Resource {
			if plugin.Name == "" {
				plugin.Name = strings.TrimPrefix(name, "@pulumi/")
			}
			if plugin.Version == "" {
				plugin.Version = dependency.Version
			}
			response.Plugins = append(response.Plugins, &pulumirpc.PluginDependency{
				Name: plugin.Name, Kind: "resource", Version: "v" + strings.TrimPrefix(plugin.Version, "v"), Server: plugin.Server,
			})
		}
	}
	return response, nil
}

func readManifest(directory string) (manifest, error) {
	var found manifest
	text, err := os.ReadFile(filepath.Join(directory, "package.json"))
	if err != nil {
		return found, err
	}
	return found, json.Unmarshal(text, &found)
}

// About tells which Node runs the programs.
func (h *host) About(ctx context.Context, _ *pulumirpc.AboutRequest) (*pulumirpc.AboutResponse, error) {
	node, err := exec.LookPath("node")
	if err != nil {
		return nil, err
	}
	output, err := exec.CommandContext(ctx, node, "--version").Output()
	return &pulumirpc.AboutResponse{Executable: node, Version: strings.TrimSpace(string(output))}, err
}

// GetProgramDependencies lists the direct dependencies that are installed.
func (h *host) GetProgramDependencies(
	_ context.Context, request *pulumirpc.GetProgramDependenciesRequest,
) (*pulumirpc.GetProgramDependenciesResponse, error) {
	directory := request.GetInfo().GetProgramDirectory()
	program, err := readManifest(directory)
	if err != nil {
		return nil, err
	}
	response := &pulumirpc.GetProgramDependenciesResponse{}
	for name := range program.Dependencies {
		if dependency, err := readManifest(filepath.Join(directory, "node_modules", name)); err == nil {
			response.Dependencies = append(response.Dependencies,
				&pulumirpc.DependencyInfo{Name: name, Version: dependency.Version})
		}
	}
	return response, nil
}
