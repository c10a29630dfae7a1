// Package health answers what load balancers, orchestrators and people ask a
// tree of package grouper, over HTTP:
//
//	/livez   is the process there?            200, as long as it answers
//	/readyz  can the tree do its work now?    200, or 503 and who is waited for
//	/status  what is going on?                a page, JSON, or the drawn tree
//
// [Handler] serves all three; [Live], [Ready] and [Status] are for other paths.
// The page follows the tree by itself. Serve it where only those may look who
// may read the names and the errors of members: on a port of its own, beside
// the API's.
//
// A liveness probe restarts the process when it fails, so it asks /livez, which
// does not look at the tree: a member that is down is no reason to kill the ones
// that work. A readiness probe asks /readyz.
//
// All handlers only call [grouper.Inspect]. They may be called from any
// goroutine, before the tree runs, while it does, and afterwards, and never
// make it wait.
package health
