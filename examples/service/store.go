package main

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

var jobsBucket = []byte("jobs")

// A store keeps the jobs in a file. The root group starts it first and stops it
// last, so whoever uses it does so between its ready and its signal, and db
// needs no lock.
type store struct {
	path string
	db   *bolt.DB
	last atomic.Uint64
}

func (s *store) open(context.Context) error {
	if err := os.MkdirAll(filepath.Dir(s.path), 0o700); err != nil {
		return err
	}
	// The file is locked by the process that has it open. Without a timeout, a
	// second instance would wait for the first one's end.
	db, err := bolt.Open(s.path, 0o600, &bolt.Options{Timeout: time.Second})
	if errors.Is(err, bolterrors.ErrTimeout) {
		return fmt.Errorf("%s is in use by another process", s.path)
	}
	if err != nil {
		return fmt.Errorf("open %s: %w", s.path, err)
	}
	s.db = db
	err = db.Update(func(tx *bolt.Tx) error {
		jobs, err := tx.CreateBucketIfNotExists(jobsBucket)
		if err != nil {
			return err
		}
		if key, _ := jobs.Cursor().Last(); key != nil {
			s.last.Store(binary.BigEndian.Uint64(key))
		}
		return nil
	})
	if err != nil {
		return errors.Join(err, db.Close())
	}
	return nil
}

func (s *store) close(context.Context) error { return s.db.Close() }

// nextID gives an ID that no stored job has. It is not stored itself: one that
// was never used may be given again by a later run.
func (s *store) nextID() uint64 { return s.last.Add(1) }

// put has written the job to the disk when it returns nil.
func (s *store) put(j job) error {
	value, err := json.Marshal(j)
	if err != nil {
		return err
	}
	return s.db.Update(func(tx *bolt.Tx) error {
		return tx.Bucket(jobsBucket).Put(key(j.ID), value)
	})
}

func (s *store) get(id uint64) (j job, ok bool, err error) {
	err = s.db.View(func(tx *bolt.Tx) error {
		value := tx.Bucket(jobsBucket).Get(key(id))
		if value == nil {
			return nil
		}
		ok = true
		return json.Unmarshal(value, &j)
	})
	return j, ok, err
}

// all gives the jobs in the order of their IDs.
func (s *store) all() (jobs []job, err error) {
	err = s.db.View(func(tx *bolt.Tx) error {
		return tx.Bucket(jobsBucket).ForEach(func(_, value []byte) error {
			var j job
			if err := json.Unmarshal(value, &j); err != nil {
				return err
			}
			jobs = append(jobs, j)
			return nil
		})
	})
	return jobs, err
}

// key sorts by ID, as bbolt sorts by bytes.
func key(id uint64) []byte { return binary.BigEndian.AppendUint64(nil, id) }
