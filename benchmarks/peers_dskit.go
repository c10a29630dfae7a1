package benchmarks

import (
	"context"
	"maps"
	"slices"

	"github.com/go-kit/log"
	"github.com/grafana/dskit/modules"
	"github.com/grafana/dskit/services"
)

var dskitServices = Library{
	Name:    "dskit",
	Module:  "github.com/grafana/dskit",
	Readies: true,
	Lacks:   "members that come later, signals; a chain of modules costs more than the square of its length",
	Jobs: map[Work]Job{
		Parallel: {Prepare: dskitAll, Max: 10_000, Steep: true},
		Ordered:  {Prepare: dskitModules, Max: 100, Steep: true},
	},
}

// service is a part that does nothing while it runs.
func (p *part) service() services.Service {
	return services.NewIdleService(
		func(context.Context) error {
			p.begin()
			return nil
		},
		func(error) error {
			p.end()
			return nil
		},
	).WithName(p.name)
}

func dskitAll(n int, observer Observer) Op {
	parts := newParts(n, observer)
	return Op{Units: n, Start: func() func() {
		list := make([]services.Service, len(parts))
		for i := range parts {
			list[i] = parts[i].service()
		}
		return startServices(list)
	}}
}

func dskitModules(n int, observer Observer) Op {
	parts := newParts(n, observer)
	return Op{Units: n, Start: func() func() {
		chain := modules.NewManager(log.NewNopLogger())
		for i := range parts {
			chain.RegisterModule(parts[i].name, func() (services.Service, error) { return parts[i].service(), nil })
			if i > 0 {
				must(chain.AddDependency(parts[i].name, parts[i-1].name))
			}
		}
		byName, err := chain.InitModuleServices(parts[n-1].name)
		must(err)
		return startServices(slices.Collect(maps.Values(byName)))
	}}
}

func startServices(list []services.Service) (stop func()) {
	ctx := context.Background()
	all, err := services.NewManager(list...)
	must(err)
	must(services.StartManagerAndAwaitHealthy(ctx, all))
	return func() { must(services.StopManagerAndAwaitStopped(ctx, all)) }
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
