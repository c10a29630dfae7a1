// Package parts has what the service of the comparison is made of, the same for
// every library: a database, a broker's client, a queue with its workers, a
// configuration that is watched, and an API.
package parts

import (
	"context"
	"flag"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// Parts are the parts of one service, and what its command line asks for.
type Parts struct {
	DB      *DB
	Broker  *Broker
	Config  *Config
	Queue   *Queue
	API     *http.Server
	Metrics http.Handler

	Admin string        // address of the admin server
	Drain time.Duration // between the first signal and the stop; a signal ends it
	Grace time.Duration // for the stop
}

// Workers is how many goroutines are to call Queue.Work, and Interval how often
// Queue.Cleanup is to be called.
const (
	Workers  = 3
	Interval = time.Minute
)

// New reads the command line.
func New() *Parts {
	api := flag.String("api", "localhost:8080", "address of the API")
	admin := flag.String("admin", "localhost:8081", "address of the admin server")
	drain := flag.Duration("drain", 5*time.Second, "between the first signal and the stop")
	grace := flag.Duration("grace", 30*time.Second, "for the stop")
	away := flag.Bool("away", false, "let the broker be away")
	hang := flag.Bool("hang", false, "let the cleanup job hang")
	flag.Parse()

	db, broker := &DB{}, newBroker()
	if *away {
		broker.lose()
	}
	p := &Parts{
		DB:     db,
		Broker: broker,
		Config: &Config{spoilt: make(chan struct{}, 1)},
		Queue:  &Queue{db: db, jobs: make(chan job), hang: *hang},
		Admin:  *admin,
		Drain:  *drain,
		Grace:  *grace,
	}
	p.API = NewServer("api", *api, p.handler())
	p.Metrics = http.HandlerFunc(p.Queue.metrics)
	return p
}

// NewServer returns a server that logs its address when it listens.
func NewServer(name, address string, handler http.Handler) *http.Server {
	return &http.Server{
		Addr:              address,
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		BaseContext: func(l net.Listener) context.Context {
			slog.Info(name+" server listens", "address", l.Addr().String())
			return context.Background()
		},
	}
}

// handler takes jobs, and commands that make parts fail.
func (p *Parts) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /jobs", func(w http.ResponseWriter, r *http.Request) {
		slog.Info("request begins")
		text, err := io.ReadAll(r.Body)
		if err == nil {
			err = p.Queue.Do(r.Context(), string(text))
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
		}
	})
	mux.HandleFunc("POST /broker/lose", func(http.ResponseWriter, *http.Request) { p.Broker.lose() })
	mux.HandleFunc("POST /broker/regain", func(http.ResponseWriter, *http.Request) { p.Broker.regain() })
	mux.HandleFunc("POST /config/spoil", func(http.ResponseWriter, *http.Request) { p.Config.spoil() })
	return mux
}
