package main

import (
	"net"
	"sync"
)

// A shared is a listener whose socket the next process gets, too. net/http drops
// a connection of which it has not read the first request when it is shut down,
// so the old process leaves first, and is stopped when it has answered all.
type shared struct {
	net.Listener
	left   chan struct{} // closed when no more connections are to be accepted
	parked chan struct{} // closed when none will be
	closed chan struct{}
	close  func()
	conns  sync.WaitGroup
}

func share(listener net.Listener) *shared {
	s := &shared{Listener: listener, left: make(chan struct{}), parked: make(chan struct{}), closed: make(chan struct{})}
	s.close = sync.OnceFunc(func() { close(s.closed) })
	return s
}

// leave leaves new connections to the other process. It returns when the server
// has all that were accepted.
func (s *shared) leave() {
	close(s.left)
	s.Listener.Close()
	select {
	case <-s.parked:
	case <-s.closed: // serving has ended
	}
}

// Accept does not return once it was left: the server would fail.
func (s *shared) Accept() (net.Conn, error) {
	conn, err := s.Listener.Accept()
	if err == nil {
		s.conns.Add(1)
		return &counted{conn, sync.OnceFunc(s.conns.Done)}, nil
	}
	select {
	case <-s.left:
		close(s.parked)
		<-s.closed
	default:
	}
	return nil, err
}

func (s *shared) Close() error {
	s.close()
	return s.Listener.Close()
}

type counted struct {
	net.Conn
	gone func()
}

func (c *counted) Close() error {
	defer c.gone()
	return c.Conn.Close()
}
