package main

import (
	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/health/grpc_health_v1"
)

// follow returns root as a Runner that the health server says SERVING of
// whenever it is ready. The server says so from the start unless it is told
// otherwise.
func follow(root ifrit.Runner, server *health.Server) ifrit.Runner {
	server.SetServingStatus("", grpc_health_v1.HealthCheckResponse_NOT_SERVING)
	return grouper.Observe(root, func(grouper.Event) {
		serving := grpc_health_v1.HealthCheckResponse_NOT_SERVING
		if status, _ := grouper.Inspect(root); status.Ready() {
			serving = grpc_health_v1.HealthCheckResponse_SERVING
		}
		server.SetServingStatus("", serving)
	})
}
