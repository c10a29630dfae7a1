package grouper

import (
	"encoding/json"
	"time"
)

// MarshalJSON writes states, signals, errors and durations as text and times in
// RFC 3339, and leaves out what is not set. The outermost group has the result
// of [Status.Ready]. It does not fail if methods of errors and signals panic.
func (s Status) MarshalJSON() ([]byte, error) {
	status := s.json()
	ready := s.Ready()
	status.Ready = &ready
	return json.Marshal(status)
}

// MarshalJSON writes the member as [Status.MarshalJSON] does.
func (m MemberStatus) MarshalJSON() ([]byte, error) {
	return json.Marshal(m.json())
}

// MarshalJSON writes the run as [Status.MarshalJSON] does.
func (w WrappedStatus) MarshalJSON() ([]byte, error) {
	return json.Marshal(w.json())
}

// MarshalJSON writes the times that are set.
func (t Times) MarshalJSON() ([]byte, error) {
	return json.Marshal(jsonTimes(t))
}

type jsonTimes struct {
	Started  time.Time `json:"started,omitzero"`
	Ready    time.Time `json:"ready,omitzero"`
	Stopping time.Time `json:"stopping,omitzero"`
	Exited   time.Time `json:"exited,omitzero"`
}

type jsonStatus struct {
	Kind       Kind         `json:"kind"`
	State      State        `json:"state"`
	Ready      *bool        `json:"ready,omitempty"` // of the outermost group
	Since      time.Time    `json:"since,omitzero"`
	For        string       `json:"for,omitempty"`
	Times      jsonTimes    `json:"times,omitzero"`
	Signal     string       `json:"signal,omitempty"`
	Closed     bool         `json:"closed,omitempty"`
	WaitingFor []string     `json:"waitingFor,omitempty"`
	Members    []jsonMember `json:"members"`
}

type jsonMember struct {
	Name    string       `json:"name"`
	State   State        `json:"state"`
	Since   time.Time    `json:"since,omitzero"`
	For     string       `json:"for,omitempty"`
	Times   jsonTimes    `json:"times,omitzero"`
	Err     string       `json:"error,omitempty"`
	Wrapped *jsonWrapped `json:"wrapped,omitempty"`
	Group   *jsonStatus  `json:"group,omitempty"`
}

type jsonWrapped struct {
	Runs  int       `json:"runs"`
	State State     `json:"state"`
	Since time.Time `json:"since,omitzero"`
	For   string    `json:"for,omitempty"`
	Times jsonTimes `json:"times,omitzero"`
	Err   string    `json:"error,omitempty"`
}

func (s Status) json() jsonStatus {
	members := make([]jsonMember, len(s.Members))
	for i := range s.Members {
		members[i] = s.Members[i].json()
	}
	return jsonStatus{
		Kind: s.Kind, State: s.State, Since: s.Since, For: age(s.State, s.For), Times: jsonTimes(s.Times),
		Signal: jsonText(s.Signal), Closed: s.Closed, WaitingFor: s.WaitingFor(), Members: members,
	}
}

func (m *MemberStatus) json() jsonMember {
	member := jsonMember{
		Name: m.Name, State: m.State, Since: m.Since, For: age(m.State, m.For), Times: jsonTimes(m.Times), Err: jsonText(m.Err),
	}
	if m.Wrapped != nil {
		wrapped := m.Wrapped.json()
		member.Wrapped = &wrapped
	}
	if m.Group != nil {
		group := m.Group.json()
		member.Group = &group
	}
	return member
}

func (w *WrappedStatus) json() jsonWrapped {
	return jsonWrapped{w.Runs, w.State, w.Since, age(w.State, w.For), jsonTimes(w.Times), jsonText(w.Err)}
}

// jsonText is empty for nil.
func jsonText(value any) string {
	if value == nil {
		return ""
	}
	return textOf(value)
}
