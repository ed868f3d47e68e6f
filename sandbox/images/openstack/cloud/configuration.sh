# Passwords, made once per volume, and the services' configuration files, written at every start.
make_passwords() {
  local name
  if [ ! -s "$ETC/passwords" ]; then
    (umask 077
      for name in ADMIN MEMBER SERVICE QUEUE; do
        echo "${name}_PASSWORD=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
      done > "$ETC/passwords.part")
    mv "$ETC/passwords.part" "$ETC/passwords"
  fi
  . "$ETC/passwords"
}

# Root of this container is the only one who may use the socket, without a password.
database_url() { echo "mysql+pymysql://root@localhost/$1?charset=utf8&unix_socket=$DATABASE_SOCKET"; }
queue_url() { echo "rabbit://cloud:$QUEUE_PASSWORD@127.0.0.1:5672/"; }

# identity_section SECTION USER: how a service logs in to Keystone.
identity_section() {
  cat << E
[$1]
auth_type = password
auth_url = http://127.0.0.1:5000/v3
www_authenticate_uri = http://$ADDRESS:5000/v3
region_name = $REGION
user_domain_id = default
project_domain_id = default
project_name = service
username = $2
password = $SERVICE_PASSWORD
E
}

common_sections() {
  cat << E
[oslo_concurrency]
lock_path = $RUN/locks
[oslo_messaging_notifications]
driver = noop
E
}

write_configuration() {
  umask 077
  mkdir -p "$ETC/placement"
  write_rabbitmq > "$ETC/rabbitmq.conf"
  write_keystone > "$ETC/keystone.conf"
  write_glance > "$ETC/glance.conf"
  write_placement > "$ETC/placement/placement.conf"
  write_neutron > "$ETC/neutron.conf"
  write_neutron_agents
  write_nova > "$ETC/nova.conf"
  write_clients > "$STATE/clouds.yaml"
  umask 022
}

write_rabbitmq() {
  cat << E
listeners.tcp.1 = 127.0.0.1:5672
default_user = cloud
default_pass = $QUEUE_PASSWORD
loopback_users = none
disk_free_limit.absolute = 50MB
log.console = true
log.console.level = warning
log.file = false
E
}

write_keystone() {
  cat << E
[DEFAULT]
log_file = $LOG/keystone.log
[database]
connection = $(database_url keystone)
[token]
provider = fernet
expiration = 86400
[fernet_tokens]
key_repository = $ETC/fernet-keys
[fernet_receipts]
key_repository = $ETC/fernet-keys
[credential]
key_repository = $ETC/credential-keys
$(common_sections)
E
}

write_glance() {
  cat << E
[DEFAULT]
bind_host = 0.0.0.0
bind_port = 9292
workers = 0
log_file = $LOG/glance.log
enabled_backends = files:file
[database]
connection = $(database_url glance)
[glance_store]
default_backend = files
[files]
filesystem_store_datadir = $STATE/images
[os_glance_staging_store]
filesystem_store_datadir = $STATE/images/staging
[os_glance_tasks_store]
filesystem_store_datadir = $STATE/images/tasks
[paste_deploy]
flavor = keystone
config_file = /etc/glance/glance-api-paste.ini
$(identity_section keystone_authtoken glance)
$(common_sections)
E
}

write_placement() {
  cat << E
[DEFAULT]
log_file = $LOG/placement.log
[api]
auth_strategy = keystone
[placement_database]
connection = $(database_url placement)
$(identity_section keystone_authtoken placement)
$(common_sections)
E
}

write_neutron() {
  cat << E
[DEFAULT]
bind_host = 0.0.0.0
bind_port = 9696
api_workers = 1
rpc_workers = 1
rpc_state_report_workers = 0
host = $NODE
state_path = $STATE/neutron
api_paste_config = /etc/neutron/api-paste.ini
core_plugin = ml2
service_plugins = router
transport_url = $(queue_url)
dhcp_agents_per_network = 1
agent_down_time = 75
notify_nova_on_port_status_changes = true
notify_nova_on_port_data_changes = true
interface_driver = linuxbridge
[agent]
root_helper = sudo
report_interval = 30
polling_interval = 1
[experimental]
linuxbridge = true
[privsep]
helper_command = privsep-helper --config-file $ETC/neutron.conf
[database]
connection = $(database_url neutron)
$(identity_section keystone_authtoken neutron)
$(identity_section nova nova)
$(common_sections)
E
}

write_neutron_agents() {
  cat > "$ETC/neutron-ml2.ini" << E
[ml2]
type_drivers = flat,local
tenant_network_types = local
mechanism_drivers = linuxbridge
extension_drivers = port_security
[ml2_type_flat]
flat_networks = external
[securitygroup]
enable_security_group = true
firewall_driver = iptables
enable_ipset = true
[linux_bridge]
bridge_mappings = external:$BRIDGE
[vxlan]
enable_vxlan = false
E
  cat > "$ETC/neutron-dhcp.ini" << E
[DEFAULT]
interface_driver = linuxbridge
enable_isolated_metadata = false
dnsmasq_dns_servers = $ADDRESS
E
  cat > "$ETC/neutron-l3.ini" << E
[DEFAULT]
interface_driver = linuxbridge
enable_metadata_proxy = false
E
}

write_nova() {
  local driver=libvirt.LibvirtDriver
  if [ "$DRIVER" = fake ]; then driver=fake.FakeDriver; fi
  cat << E
[DEFAULT]
host = $NODE
my_ip = 127.0.0.1
state_path = $STATE/nova
instances_path = $STATE/instances
transport_url = $(queue_url)
enabled_apis = osapi_compute
osapi_compute_listen = 0.0.0.0
osapi_compute_workers = 1
compute_driver = $driver
force_config_drive = true
force_raw_images = false
cpu_allocation_ratio = 16
ram_allocation_ratio = 1
disk_allocation_ratio = 16
reserved_host_memory_mb = 0
resume_guests_state_on_host_boot = true
[api]
auth_strategy = keystone
[wsgi]
api_paste_config = /etc/nova/api-paste.ini
[api_database]
connection = $(database_url nova_api)
[database]
connection = $(database_url nova)
[conductor]
workers = 1
[scheduler]
workers = 1
[glance]
api_servers = http://127.0.0.1:9292
[image_cache]
manager_interval = -1
[vnc]
enabled = false
[spice]
enabled = false
[libvirt]
virt_type = qemu
cpu_mode = none
inject_partition = -2
images_type = qcow2
disk_cachemodes = file=unsafe
[vif_plug_linux_bridge_privileged]
helper_command = privsep-helper --config-file $ETC/nova.conf
[vif_plug_ovs_privileged]
helper_command = privsep-helper --config-file $ETC/nova.conf
[nova_sys_admin]
helper_command = privsep-helper --config-file $ETC/nova.conf
$(identity_section keystone_authtoken nova)
$(identity_section service_user nova)
send_service_user_token = true
$(identity_section placement placement)
$(identity_section neutron neutron)
$(common_sections)
E
}

# client NAME USER PROJECT PASSWORD: one entry of clouds.yaml.
client() {
  cat << E
  $1:
    region_name: $REGION
    interface: internal
    auth:
      auth_url: http://127.0.0.1:5000/v3
      username: $2
      password: $4
      project_name: $3
      user_domain_name: Default
      project_domain_name: Default
E
}

write_clients() {
  echo clouds:
  client clocker clocker clocker "$MEMBER_PASSWORD"
  client clocker-admin admin admin "$ADMIN_PASSWORD"
}
