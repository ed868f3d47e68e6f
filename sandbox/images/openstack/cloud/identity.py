"""Adds what is absent of projects, users and catalogue; the public catalogue follows the container's address."""

import os

import openstack

identity = openstack.connect(cloud="clocker-admin").identity
roles = {role.name: role for role in identity.roles()}


def project(name):
    return identity.find_project(name) or identity.create_project(name=name, domain_id="default")


def user(name, password, home, *role_names):
    found = identity.find_user(name) or identity.create_user(
        name=name, password=password, domain_id="default", default_project_id=home.id
    )
    for role_name in role_names:
        if role_name not in roles:
            roles[role_name] = identity.create_role(name=role_name)
        identity.assign_project_role_to_user(home, found, roles[role_name])


services = project("service")
for service in ("glance", "placement", "neutron", "nova"):
    user(service, os.environ["SERVICE_PASSWORD"], services, "admin", "service")
user("clocker", os.environ["MEMBER_PASSWORD"], project("clocker"), "member")

catalogue = {service.type: service for service in identity.services()}
for name, kind, tail in (
    ("keystone", "identity", ":5000/v3"),
    ("glance", "image", ":9292"),
    ("placement", "placement", ":8778"),
    ("neutron", "network", ":9696"),
    ("nova", "compute", ":8774/v2.1"),
):
    service = catalogue.get(kind) or identity.create_service(name=name, type=kind)
    known = {endpoint.interface: endpoint for endpoint in identity.endpoints(service_id=service.id)}
    for interface, host in (("public", os.environ["ADDRESS"]), ("internal", "127.0.0.1"), ("admin", "127.0.0.1")):
        url = f"http://{host}{tail}"
        if interface not in known:
            identity.create_endpoint(
                service_id=service.id, interface=interface, url=url, region_id=os.environ["REGION"]
            )
        elif known[interface].url != url:
            identity.update_endpoint(known[interface], url=url)
