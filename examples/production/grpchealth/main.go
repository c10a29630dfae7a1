// Grpchealth is a gRPC service that says SERVING while its tree is ready.
package main

import (
	"flag"
	"log/slog"
	"net"
	"os"
	"time"

	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/runners"
	"github.com/seed-3b777528/grouper/service"
	"github.com/tedsuo/ifrit"
	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/health/grpc_health_v1"
)

var api = flag.String("api", "localhost:8080", "`address` of the API")

func main() {
	flag.Parse()
	listener, err := net.Listen("tcp", *api)
	if err != nil {
		slog.Error("service failed", "err", err)
		os.Exit(1)
	}
	service.Main(newService(listener), service.Options{Grace: 20 * time.Second})
}

// newService returns a tree with these members, and the gRPC server behind them.
func newService(listener net.Listener, members ...grouper.Member) ifrit.Runner {
	server, healthServer := grpc.NewServer(), health.NewServer()
	grpc_health_v1.RegisterHealthServer(server, healthServer)
	root := grouper.NewOrdered(os.Interrupt, append(members, grouper.Member{Name: "api", Runner: runners.Server{
		Serve: func() error { return server.Serve(listener) },
		Stop:  server.GracefulStop,
		Kill:  server.Stop,
	}}))
	return follow(root, healthServer)
}
