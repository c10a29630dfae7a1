package grouper_test

import (
	"context"
	"encoding/json"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
)

var _ = Describe("The JSON of a status", func() {
	marshal := func(value any) string {
		GinkgoHelper()
		marshaled, err := json.Marshal(value)
		Expect(err).NotTo(HaveOccurred())
		return string(marshaled)
	}

	It("I8: has the set times, what is wrapped, and only for the outermost group whether it is ready", bubble(func() {
		runs := 0
		flaky := grouper.WorkerFunc(func(ctx context.Context) error {
			if runs++; runs == 1 {
				time.Sleep(time.Second)
				return errBoom
			}
			return untilDone(ctx)
		})
		tree := grouper.NewOrdered(nil, grouper.Members{{"g", grouper.NewParallel(nil, grouper.Members{{"w", grouper.Wrap(flaky, again)}})}})
		Expect(marshal(inspect(tree))).To(MatchJSON(`{"kind": "ordered", "state": "pending", "ready": false, "members": [
			{"name": "g", "state": "pending", "group": {"kind": "parallel", "state": "pending", "members": [
				{"name": "w", "state": "pending", "wrapped": {"runs": 0, "state": "pending"}}]}}]}`))
		run := start(tree)
		time.Sleep(3 * time.Second)
		Expect(marshal(inspect(tree))).To(MatchJSON(`{"kind": "ordered", "state": "ready", "ready": true,
			"since": "2000-01-01T00:00:00Z", "for": "3s", "times": {"started": "2000-01-01T00:00:00Z", "ready": "2000-01-01T00:00:00Z"},
			"members": [{"name": "g", "state": "ready", "since": "2000-01-01T00:00:00Z", "for": "3s",
				"times": {"started": "2000-01-01T00:00:00Z", "ready": "2000-01-01T00:00:00Z"},
				"group": {"kind": "parallel", "state": "ready", "since": "2000-01-01T00:00:00Z", "for": "3s",
					"times": {"started": "2000-01-01T00:00:00Z", "ready": "2000-01-01T00:00:00Z"},
					"members": [{"name": "w", "state": "ready", "since": "2000-01-01T00:00:00Z", "for": "3s",
						"times": {"started": "2000-01-01T00:00:00Z", "ready": "2000-01-01T00:00:00Z"},
						"wrapped": {"runs": 2, "state": "ready", "since": "2000-01-01T00:00:01Z", "for": "2s",
							"times": {"started": "2000-01-01T00:00:01Z", "ready": "2000-01-01T00:00:01Z"}}}]}}]}`))
		run.signal(interrupt)
	}))

	It("I8, I7: names the members that a group waits for though it is ready, and has the error of the run that is down", func() {
		at := time.Date(2024, 5, 6, 7, 8, 9, 0, time.FixedZone("", 2*60*60))
		Expect(marshal(grouper.Status{Kind: grouper.KindParallel, State: grouper.StateReady, Members: []grouper.MemberStatus{
			{Name: "w", State: grouper.StateReady, Wrapped: &grouper.WrappedStatus{
				Runs: 4, State: grouper.StateExited, For: 2 * time.Second, Err: errBoom, Times: grouper.Times{Exited: at},
			}},
		}})).To(MatchJSON(`{"kind": "parallel", "state": "ready", "ready": false, "for": "0s", "waitingFor": ["w"], "members": [
			{"name": "w", "state": "ready", "for": "0s", "wrapped": {"runs": 4, "state": "exited", "for": "2s", "error": "boom",
				"times": {"exited": "2024-05-06T07:08:09+02:00"}}}]}`))
	})

	It("I8: is the same for a part of a status alone", func() {
		at := time.Date(2024, 5, 6, 7, 8, 9, 10, time.UTC)
		Expect(marshal(grouper.Times{Started: at, Exited: at})).To(MatchJSON(
			`{"started": "2024-05-06T07:08:09.00000001Z", "exited": "2024-05-06T07:08:09.00000001Z"}`))
		Expect(marshal(grouper.Times{})).To(MatchJSON(`{}`))
		Expect(marshal(grouper.WrappedStatus{Runs: 1, State: grouper.StateReady})).To(MatchJSON(`{"runs": 1, "state": "ready", "for": "0s"}`))
		Expect(marshal(grouper.MemberStatus{Name: "a", State: grouper.StatePending, Group: &grouper.Status{Kind: grouper.KindDynamic}})).To(MatchJSON(
			`{"name": "a", "state": "pending", "group": {"kind": "dynamic", "state": "", "members": []}}`))
	})

	for how := range mutes {
		It("I2: does not fail if the errors of runs "+how+" when asked for their text", func() {
			var marshaled string
			Expect(panics(func() {
				marshaled = marshal(grouper.Status{Members: []grouper.MemberStatus{{Name: "w", Wrapped: &grouper.WrappedStatus{Runs: 2, Err: mutes[how]}}}})
			})).To(BeFalse())
			Expect(marshaled).To(MatchRegexp(`"error":".+"`))
		})
	}
})

var _ = Describe("A status", func() {
	It("I2: marshals to JSON with words in it", bubble(func() {
		members, runners := crew(2)
		inner := grouper.NewDynamic(nil, 0, 0)
		group := grouper.NewParallel(nil, append(members, grouper.Member{"inner", inner}))
		pending, err := json.Marshal(inspect(group))
		Expect(err).NotTo(HaveOccurred())
		Expect(pending).To(MatchJSON(`{"kind": "parallel", "state": "pending", "ready": false, "members": [
			{"name": "a", "state": "pending"}, {"name": "b", "state": "pending"},
			{"name": "inner", "state": "pending", "group": {"kind": "dynamic", "state": "pending", "members": []}}]}`))

		run := start(group)
		exit(runners[0], errBoom)
		time.Sleep(90 * time.Second)
		run.signal(terminate)
		time.Sleep(time.Second)
		running, err := json.Marshal(inspect(group))
		Expect(err).NotTo(HaveOccurred())
		Expect(running).To(MatchJSON(`{"kind": "parallel", "state": "stopping", "ready": false,
			"since": "2000-01-01T00:01:30Z", "for": "1s",
			"times": {"started": "2000-01-01T00:00:00Z", "stopping": "2000-01-01T00:01:30Z"},
			"signal": "terminated", "waitingFor": ["b"], "members": [
			{"name": "a", "state": "exited", "since": "2000-01-01T00:00:00Z", "for": "1m31s", "error": "boom",
			 "times": {"started": "2000-01-01T00:00:00Z", "exited": "2000-01-01T00:00:00Z"}},
			{"name": "b", "state": "stopping", "since": "2000-01-01T00:01:30Z", "for": "1s",
			 "times": {"started": "2000-01-01T00:00:00Z", "stopping": "2000-01-01T00:01:30Z"}},
			{"name": "inner", "state": "exited", "since": "2000-01-01T00:01:30Z", "for": "1s",
			 "times": {"started": "2000-01-01T00:00:00Z", "ready": "2000-01-01T00:00:00Z",
			           "stopping": "2000-01-01T00:01:30Z", "exited": "2000-01-01T00:01:30Z"},
			 "group": {"kind": "dynamic", "state": "exited", "since": "2000-01-01T00:01:30Z", "for": "1s",
			 "times": {"started": "2000-01-01T00:00:00Z", "ready": "2000-01-01T00:00:00Z",
			           "stopping": "2000-01-01T00:01:30Z", "exited": "2000-01-01T00:01:30Z"},
			 "signal": "terminated", "closed": true, "members": []}}]}`))
		exitAll(runners...)
	}))
})
