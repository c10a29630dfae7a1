module github.com/seed-3b777528/grouper/examples/service

go 1.25.0

require (
	github.com/seed-3b777528/grouper v0.0.0-00010101000000-000000000000
	github.com/tedsuo/ifrit v0.0.0-20230516164442-7862c310ad26
	go.etcd.io/bbolt v1.5.0
)

require golang.org/x/sys v0.46.0 // indirect

replace github.com/seed-3b777528/grouper => ../..
