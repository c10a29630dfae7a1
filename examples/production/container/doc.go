// Package container has a Dockerfile, and tests that a service can be the PID 1
// of a container.
package container
