package main

import (
	"context"
	"crypto/sha256"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"syscall"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
	"github.com/tedsuo/ifrit/http_server"
)

type service struct {
	root    ifrit.Runner
	workers grouper.DynamicClient
	resize  *resize
	printer *printer
	socket  string // where the api listens
}

func newService(folder string) *service {
	workers := grouper.NewDynamic(nil, 0, 0)
	s := &service{
		workers: workers.Client(),
		resize:  &resize{rounds: make(chan struct{})},
		printer: &printer{called: make(chan struct{}), printed: make(chan struct{})},
		socket:  filepath.Join(folder, "api"),
	}
	api := http.NewServeMux()
	api.Handle("POST /invoices", &invoices{s.printer})
	s.root = grouper.NewOrdered(syscall.SIGTERM, grouper.Members{
		{Name: "store", Runner: ifrit.RunFunc(store)},
		{Name: "workers", Runner: workers},
		{Name: "servers", Runner: grouper.NewParallel(syscall.SIGTERM, grouper.Members{
			{Name: "api", Runner: http_server.NewUnixServer(s.socket, api)},
			{Name: "health", Runner: http_server.NewUnixServer(filepath.Join(folder, "health"), http.HandlerFunc(healthy))},
		})},
	})
	return s
}

func (s *service) insertJobs() {
	for _, job := range []grouper.Member{
		{Name: "index", Runner: ifrit.RunFunc(index)},
		{Name: "mail", Runner: ifrit.RunFunc(mail)},
		{Name: "resize", Runner: s.resize},
	} {
		s.workers.Inserter() <- job
		member, _ := s.workers.Get(job.Name)
		<-member.Ready()
	}
}

// request sends the request that does not end, and returns when it has come to
// where it stays.
func (s *service) request() (answered <-chan error) {
	client := http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", s.socket)
		},
	}}
	answer := make(chan error, 1)
	go func() {
		response, err := client.Post("http://api/invoices", "", nil)
		if err == nil {
			err = response.Body.Close()
		}
		answer <- err
	}()
	<-s.printer.called
	return answer
}

func store(signals <-chan os.Signal, ready chan<- struct{}) error {
	work(20)
	close(ready)
	<-signals
	work(5)
	return nil
}

func index(signals <-chan os.Signal, ready chan<- struct{}) error {
	work(10)
	close(ready)
	<-signals
	return nil
}

func mail(signals <-chan os.Signal, ready chan<- struct{}) error {
	close(ready)
	<-signals
	return nil
}

// A resize works until it is stopped, and tells whoever asks of its rounds. So
// they can wait for work that was done, and not for time that has gone by.
type resize struct{ rounds chan struct{} }

func (r *resize) Run(signals <-chan os.Signal, ready chan<- struct{}) error {
	close(ready)
	for {
		work(1)
		select {
		case <-signals:
			return nil
		case r.rounds <- struct{}{}:
		default:
		}
	}
}

func (r *resize) wait(rounds int) {
	for range rounds {
		<-r.rounds
	}
}

// work takes processor time: some milliseconds a round.
func work(rounds int) {
	page := make([]byte, 8<<20)
	for range rounds {
		sha256.Sum256(page)
	}
}

// invoices are printed before the request is answered.
type invoices struct{ printer *printer }

func (i *invoices) ServeHTTP(answer http.ResponseWriter, _ *http.Request) {
	i.printer.print()
	answer.WriteHeader(http.StatusCreated)
}

// healthy answers 200.
func healthy(http.ResponseWriter, *http.Request) {}

// A printer has run out of paper.
type printer struct {
	called  chan struct{} // closed when it is to print
	printed chan struct{} // closed when it has
}

func (p *printer) print() {
	close(p.called)
	<-p.printed
}
