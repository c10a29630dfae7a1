package grouper

import "testing"

// G2: an observed Runner that was ready just before it returned was ready,
// whichever of the two is seen first.
func TestReadinessBeforeTheReturnOfAnObservedRunner(t *testing.T) {
	for range 100 {
		up, ready, stop := make(chan struct{}), make(chan struct{}), make(chan struct{})
		o := &observation{place: &outermost{ready: up}, of: &observed{}}
		o.enter(StateStarting, now(), nil, nil)
		close(ready)
		close(stop)
		o.pass(nil, ready, stop)
		select {
		case <-up:
		default:
			t.Fatal("not ready")
		}
	}
}
