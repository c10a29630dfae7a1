module github.com/seed-3b777528/grouper/examples/stuck

go 1.25.0

require (
	github.com/seed-3b777528/grouper v0.0.0
	github.com/tedsuo/ifrit v0.0.0-20230516164442-7862c310ad26
	golang.org/x/exp v0.0.0-20260218203240-3dfff04db8fa
)

replace github.com/seed-3b777528/grouper => ../..
