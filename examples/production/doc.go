// Package production holds what docs/production.md shows, and tests it: one
// folder per part of that page.
package production
