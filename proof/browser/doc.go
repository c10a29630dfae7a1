// Package browser proves the page of package health in a real browser, which
// chromedp drives: Chromium or Chrome, as found on PATH. It has tests only.
// Without a browser they are skipped, but fail if the environment variable CI
// is true.
//
// A test has a tab of its own (tab_test.go), on /status of a service whose
// members it drives by hand (service_test.go). It waits for what a reader of
// the page would see (drawn.js), and for nothing else. Whatever a test is about,
// its tab must have loaded one document, asked nobody but the service for
// anything, and reported no error and no dialog.
//
// TestThePageFollowsTheService makes the picture for README.md:
//
//	go test -C proof ./browser -run FollowsTheService -browser.write
package browser
