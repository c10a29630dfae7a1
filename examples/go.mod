module github.com/seed-3b777528/grouper/examples

go 1.25.8

require (
	github.com/go-kit/log v0.2.1
	github.com/grafana/dskit v0.0.0-20260703122047-de1ec7541c44
	github.com/oklog/run v1.2.0
	github.com/seed-3b777528/grouper v0.0.0
	github.com/tedsuo/ifrit v0.0.0-20260418191334-846868129986
	github.com/thejerf/suture/v4 v4.0.6
	go.etcd.io/bbolt v1.5.0
	go.uber.org/fx v1.24.0
	golang.org/x/exp v0.0.0-20260312153236-7ab1446f8b90
	golang.org/x/sync v0.21.0
)

require (
	github.com/cenkalti/backoff/v5 v5.0.3 // indirect
	github.com/go-logfmt/logfmt v0.5.1 // indirect
	github.com/google/pprof v0.0.0-20260402051712-545e8a4df936 // indirect
	github.com/pkg/errors v0.9.1 // indirect
	go.uber.org/atomic v1.11.0 // indirect
	go.uber.org/dig v1.19.0 // indirect
	go.uber.org/multierr v1.11.0 // indirect
	go.uber.org/zap v1.27.0 // indirect
	golang.org/x/sys v0.46.0 // indirect
)

replace github.com/seed-3b777528/grouper => ..
