module github.com/seed-3b777528/grouper/proof

go 1.25.0

require (
	github.com/seed-3b777528/grouper v0.0.0
	github.com/tedsuo/ifrit v0.0.0-20230516164442-7862c310ad26
)

require github.com/anishathalye/porcupine v1.3.1

require go.uber.org/goleak v1.3.0

replace github.com/seed-3b777528/grouper => ../
