//go:build unix

package main

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
)

// userProgram is a service on the original, with a server for profiles.
//
//go:embed testdata/user/main.go
var userProgram []byte

// makeUser makes the module of a user of the original, once.
func (p *places) makeUser(ctx context.Context) error {
	if _, err := os.Stat(p.user); err == nil {
		return nil
	}
	if err := os.Mkdir(p.user, 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(p.user, "main.go"), userProgram, 0o600); err != nil {
		return err
	}
	printed, err := shell(ctx, p.user, "go mod init user && go mod tidy").CombinedOutput()
	if err != nil {
		return fmt.Errorf("a module of a user: %w\n%s", err, printed)
	}
	return nil
}
