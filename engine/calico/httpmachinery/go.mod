// Stands in for a module that is not published; none of the programs built here imports it.
module github.com/projectcalico/calico/lib/httpmachinery

go 1.24
