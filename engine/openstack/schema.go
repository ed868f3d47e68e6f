//go:build schema

package main

import "clocker/engine/schema"

func main() {
	schema.Print(provider())
}
