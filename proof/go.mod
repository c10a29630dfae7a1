module github.com/seed-3b777528/grouper/proof

go 1.25.0

require (
	github.com/anishathalye/porcupine v1.3.1
	github.com/google/pprof v0.0.0-20260402051712-545e8a4df936
	github.com/seed-3b777528/grouper v0.0.0
	github.com/tedsuo/ifrit v0.0.0-20260418191334-846868129986
	go.uber.org/goleak v1.3.0
	golang.org/x/exp v0.0.0-20260218203240-3dfff04db8fa
	golang.org/x/mod v0.36.0
)

replace github.com/seed-3b777528/grouper => ../
