package main

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"
)

// statements leaves out each statement. A lock goes together with its unlock: a
// mutant that can only hang or crash tests nothing.
func (b *breeder) statements(list []ast.Stmt) {
	for i, s := range list {
		to := s.End()
		if i+1 < len(list) && unlocks(list[i+1]) {
			to = list[i+1].End()
		}
		conditional, ok := s.(*ast.IfStmt)
		if unlocks(s) || ok && conditional.Else == nil && conditional.Init == nil {
			continue // a condition that is never true does the same
		}
		if !b.replace(s.Pos(), to, "") {
			b.replace(s.Pos(), to, b.uses(s))
		}
	}
}

func unlocks(s ast.Stmt) bool {
	deferred, ok := s.(*ast.DeferStmt)
	if !ok {
		return false
	}
	method, ok := deferred.Call.Fun.(*ast.SelectorExpr)
	return ok && strings.HasSuffix(method.Sel.Name, "Unlock")
}

// uses returns a statement that uses the variables of another one, and does
// nothing else, since Go does not allow unused variables.
func (b *breeder) uses(s ast.Stmt) string {
	var names []string
	ast.Inspect(s, func(n ast.Node) bool {
		if name, ok := n.(*ast.Ident); ok {
			variable, ok := b.info.Uses[name].(*types.Var)
			outside := ok && !variable.IsField() && (variable.Pos() < s.Pos() || variable.Pos() >= s.End())
			if outside && !slices.Contains(names, name.Name) {
				names = append(names, name.Name)
			}
		}
		return true
	})
	text := ""
	for _, name := range names {
		text += fmt.Sprintf("_ = %s; ", name)
	}
	return text
}
