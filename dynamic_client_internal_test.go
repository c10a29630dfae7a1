package grouper

import (
	"testing"
	"testing/synctest"
)

// D4: Get of a member that runs waits for no loop. Here there is none, and a
// Get that waited would be a deadlock of the bubble.
func TestGetOfARunningMemberWaitsForNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := newDynamicClient(0)
		client.begin()
		p := &process{member: Member{Name: "a"}}
		client.add(p)
		if got, found := client.Get("a"); !found || got != p {
			t.Errorf("Get returned %v, %v", got, found)
		}
	})
}

// I2: the members come in the order of their inserts, whatever slots earlier
// members have left free.
func TestMembersAreInTheOrderOfTheirInserts(t *testing.T) {
	client := newDynamicClient(0)
	var all []*process
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		p := &process{member: Member{Name: name}}
		client.add(p)
		all = append(all, p)
	}
	client.remove(all[0])
	client.remove(all[2])
	var order string
	for _, p := range client.all() {
		order += p.member.Name
	}
	if order != "bde" {
		t.Errorf("the order is %s", order)
	}
}
