package main

import (
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	shimv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/terraform-provider-openstack/terraform-provider-openstack/openstack"
)

// openstackVersion is that of the npm package whose tokens are served; the build sets it from the pin in package.json.
var openstackVersion = "0.0.0"

func provider() tfbridge.ProviderInfo {
	info := tfbridge.ProviderInfo{
		P: shimv2.NewProvider(openstack.Provider()), Name: "openstack", Version: openstackVersion,
		Resources: map[string]*tfbridge.ResourceInfo{}, DataSources: map[string]*tfbridge.DataSourceInfo{},
	}
	for tf := range openstack.Provider().ResourcesMap {
		info.Resources[tf] = &tfbridge.ResourceInfo{Tok: tokens.Type(resourceToken(tf))}
	}
	for tf := range openstack.Provider().DataSourcesMap {
		info.DataSources[tf] = &tfbridge.DataSourceInfo{Tok: tokens.ModuleMember(functionToken(tf))}
	}
	no := false
	info.Resources["openstack_compute_servergroup_v2"].Fields = map[string]*tfbridge.SchemaInfo{"policies": {MaxItemsOne: &no}}
	info.Resources["openstack_networking_subnet_v2"].Fields = map[string]*tfbridge.SchemaInfo{
		"allocation_pool":  {Name: "allocationPools"},
		"allocation_pools": {Name: "allocationPoolsCollection"},
	}
	info.Resources["openstack_orchestration_stack_v1"].Fields = map[string]*tfbridge.SchemaInfo{"outputs": {Name: "StackOutputs"}}
	info.SetAutonaming(255, "-")
	return info
}
