package parts

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
)

var (
	errNotOpen = errors.New("the store is not open")
	errLost    = errors.New("the database is gone")
)

// A Store asks its database, which speaks in lines: "hello" when it can be
// used, and then one answer to each "get".
type Store struct {
	database string

	mu      sync.Mutex // guards session
	session *session
}

type session struct {
	conn    net.Conn
	asking  sync.Mutex    // one at a time
	answers chan string   // closed when the connection is
	ended   chan struct{} // closed when the connection is
	closed  chan struct{} // closed by Close
}

// NewStore returns a Store that is not open yet.
func NewStore(a Addresses) *Store { return &Store{database: a.Database} }

func (s *Store) Open(ctx context.Context) error {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", s.database)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return err
	}
	forget := context.AfterFunc(ctx, func() { conn.Close() })
	lines := bufio.NewScanner(conn)
	lines.Scan()
	if !forget() {
		return ctx.Err()
	}
	if lines.Text() != "hello" {
		conn.Close()
		return errNotOpen
	}

	session := &session{conn: conn, answers: make(chan string), ended: make(chan struct{}), closed: make(chan struct{})}
	go session.read(lines)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.session = session
	fmt.Println("store is up")
	return nil
}

func (s *Store) Wait(ctx context.Context) error {
	session := s.current()
	if session == nil {
		return nil
	}
	select {
	case <-ctx.Done():
	case <-session.closed:
	case <-session.ended:
		select {
		case <-session.closed:
		default:
			return errLost
		}
	}
	return nil
}

// Close cuts off whoever still waits for an answer.
func (s *Store) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.session == nil {
		return
	}
	close(s.session.closed)
	s.session.conn.Close()
	<-s.session.ended
	s.session = nil
	fmt.Println("store has stopped")
}

// Get asks the database for a value.
func (s *Store) Get() (string, error) {
	session := s.current()
	if session == nil {
		return "", errNotOpen
	}
	session.asking.Lock()
	defer session.asking.Unlock()
	fmt.Fprintln(session.conn, "get")
	answer, ok := <-session.answers
	if !ok {
		return "", errLost
	}
	return answer, nil
}

func (s *Store) isOpen() bool { return s.current() != nil }

func (s *Store) current() *session {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.session
}

func (s *session) read(lines *bufio.Scanner) {
	defer close(s.ended)
	defer close(s.answers)
	for lines.Scan() {
		s.answers <- lines.Text()
	}
}
