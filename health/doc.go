// Package health answers what load balancers, orchestrators and people ask a
// tree of package grouper, over HTTP:
//
//	/livez   is the process there?            200, as long as it answers
//	/readyz  can the tree do its work now?    200, or 503 and who is waited for
//	/status  what is going on?                a page, JSON, or the drawn tree
//
// [Handler] serves all three; use [Live], [Ready] and [Status] for other paths.
// The page updates itself. Serve it only to people who may read the names and
// the errors of members: on a port of its own, beside the API's.
//
// A failing liveness probe restarts the process, so it should ask /livez, which
// ignores the tree: a member that is down is no reason to kill the working
// ones. A readiness probe should ask /readyz.
//
// All handlers only call [grouper.Inspect]. They may be called from any
// goroutine, before, during and after the run of the tree, and never make it
// wait.
package health
