package proof

import (
	"errors"
	"os"
	"strings"
	"syscall"

	"github.com/seed-3b777528/grouper"
)

var errBoom = errors.New("boom")

// toError returns the error of a result.
func toError(result byte) error {
	if result == boom {
		return errBoom
	}
	return nil
}

// toResult returns the letter of an exit's error.
func toResult(err error) byte {
	var duplicates grouper.ErrDuplicateNames
	switch {
	case err == nil:
		return noError
	case err == errBoom:
		return boom
	case err == grouper.ErrNilRunner:
		return nilRunner
	case errors.As(err, &duplicates):
		return duplicate
	case strings.Contains(err.Error(), "runtime.Goexit"):
		return goexit
	}
	return '?'
}

// stateLetters are the letters of the states in the model.
var stateLetters = map[grouper.State]byte{
	grouper.StatePending:  'p',
	grouper.StateStarting: 's',
	grouper.StateReady:    'r',
	grouper.StateFailed:   'f',
	grouper.StateStopping: 't',
	grouper.StateExited:   'e',
}

// toInside is what the model says of a member's Wrap (W4).
func toInside(w *grouper.WrappedStatus) string {
	if w == nil {
		return ""
	}
	text := []byte{byte('0' + w.Runs), stateLetters[w.State]}
	if w.State == grouper.StateExited {
		text = append(text, toResult(w.Err))
	}
	return string(text)
}

var letters = map[os.Signal]byte{
	nil:             noSignal,
	syscall.SIGINT:  interrupt,
	syscall.SIGTERM: terminate,
	syscall.SIGUSR2: fromClient,
}

func toSignal(letter byte) os.Signal {
	for signal, l := range letters {
		if l == letter {
			return signal
		}
	}
	return nil
}
