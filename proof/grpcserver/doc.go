// Package grpcserver proves runners.Server with a grpc.Server that has a stream
// under way (R4): it finishes after the first signal, while nobody new is let
// in, and is cut off by the second one. It has tests only.
package grpcserver
