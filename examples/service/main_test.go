package main

import (
	"errors"
	"testing"

	"github.com/seed-3b777528/grouper"
)

func TestReportNamesTheMemberThatFailed(t *testing.T) {
	log := captureLog(t)
	report("", grouper.ErrorTrace{
		{Member: grouper.Member{Name: "store"}},
		{Member: grouper.Member{Name: "servers"}, Err: grouper.ErrorTrace{
			{Member: grouper.Member{Name: "api"}, Err: errors.New("broken")},
			{Member: grouper.Member{Name: "health"}},
		}},
	})
	report("", errors.New("no group"))
	want := `level=ERROR msg="service failed" member=servers/api err=broken
level=ERROR msg="service failed" member=root err="no group"
`
	if log.String() != want {
		t.Errorf("log:\n%swant\n%s", log, want)
	}
}
