package main

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"strings"
)

// swaps are the operators that are easily mistaken for one another.
var swaps = map[token.Token][]token.Token{
	token.EQL: {token.NEQ}, token.NEQ: {token.EQL},
	token.LSS: {token.LEQ, token.GEQ}, token.LEQ: {token.LSS, token.GTR},
	token.GTR: {token.GEQ, token.LEQ}, token.GEQ: {token.GTR, token.LSS},
	token.LAND: {token.LOR}, token.LOR: {token.LAND},
	token.ADD: {token.SUB}, token.SUB: {token.ADD},
	token.MUL: {token.QUO}, token.QUO: {token.MUL}, token.REM: {token.MUL},
	token.INC: {token.DEC}, token.DEC: {token.INC},
	token.ADD_ASSIGN: {token.SUB_ASSIGN}, token.SUB_ASSIGN: {token.ADD_ASSIGN},
	token.BREAK: {token.CONTINUE}, token.CONTINUE: {token.BREAK},
}

// visit makes the mutants of one node.
func (b *breeder) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.BlockStmt:
		b.statements(n.List)
	case *ast.IfStmt:
		b.values(n.Cond)
	case *ast.ForStmt:
		b.values(n.Cond)
		b.replace(n.Body.Rbrace, n.Body.Rbrace, "break\n")
	case *ast.RangeStmt:
		b.replace(n.Body.Rbrace, n.Body.Rbrace, "break\n")
	case *ast.CaseClause:
		b.values(n.List...)
		b.statements(n.Body)
	case *ast.CommClause:
		b.statements(n.Body)
	case *ast.ReturnStmt:
		b.values(n.Results...)
	case *ast.AssignStmt:
		b.operator(n.TokPos, n.Tok)
		b.values(n.Rhs...)
	case *ast.SendStmt:
		b.values(n.Value)
	case *ast.IncDecStmt:
		b.operator(n.TokPos, n.Tok)
	case *ast.BranchStmt:
		b.operator(n.TokPos, n.Tok)
	case *ast.GoStmt:
		b.replace(n.Pos(), n.Call.Pos(), "")
	case *ast.DeferStmt:
		if !unlocks(n) {
			b.replace(n.Pos(), n.Call.Pos(), "")
		}
	case *ast.CallExpr:
		return b.call(n)
	case *ast.ArrayType:
		return false // with another length, it is another type everywhere
	default:
		b.expression(n)
	}
	return true
}

// call leaves the capacity for make alone: that is only a matter of speed.
func (b *breeder) call(n *ast.CallExpr) (inside bool) {
	if name, ok := n.Fun.(*ast.Ident); !ok || name.Name != "make" {
		b.values(n.Args...)
		return true
	}
	if _, isMap := b.info.Types[n.Args[0]].Type.Underlying().(*types.Map); !isMap && len(n.Args) > 1 {
		b.values(n.Args[1])
		ast.Inspect(n.Args[1], b.visit)
	}
	return false
}

func (b *breeder) expression(n ast.Node) {
	switch n := n.(type) {
	case *ast.BinaryExpr:
		b.operator(n.OpPos, n.Op)
		switch n.Op { // the other value is that of the whole
		case token.LAND:
			b.operands(n, "true")
		case token.LOR:
			b.operands(n, "false")
		}
	case *ast.UnaryExpr:
		if n.Op == token.NOT || n.Op == token.SUB {
			b.replace(n.Pos(), n.X.Pos(), "")
		}
	case *ast.CompositeLit:
		for _, element := range n.Elts {
			if pair, ok := element.(*ast.KeyValueExpr); ok {
				element = pair.Value
			}
			b.values(element)
		}
	case *ast.SliceExpr:
		if n.Low != nil {
			b.replace(n.Low.Pos(), n.Low.End(), "")
		}
		if n.High != nil {
			b.replace(n.High.Pos(), n.High.End(), "")
		}
	case *ast.BasicLit:
		if number, err := strconv.Atoi(n.Value); n.Kind == token.INT && err == nil {
			b.replace(n.Pos(), n.End(), strconv.Itoa(number+1))
			b.replace(n.Pos(), n.End(), strconv.Itoa(number-1))
		}
	}
}

func (b *breeder) operator(at token.Pos, operator token.Token) {
	for _, other := range swaps[operator] {
		b.replace(at, at+token.Pos(len(operator.String())), other.String())
	}
}

// operands puts a value in place of the operands that are not the same
// operation.
func (b *breeder) operands(n *ast.BinaryExpr, value string) {
	for _, operand := range []ast.Expr{n.X, n.Y} {
		if inner, ok := operand.(*ast.BinaryExpr); !ok || inner.Op != n.Op {
			b.replace(operand.Pos(), operand.End(), value)
		}
	}
}

// values puts the zero value in place of each expression, and also true in place
// of a condition.
func (b *breeder) values(expressions ...ast.Expr) {
	for _, e := range expressions {
		known := b.info.Types[e]
		if e == nil || !known.IsValue() || known.IsNil() {
			continue
		}
		basic, _ := known.Type.Underlying().(*types.Basic)
		switch {
		case basic == nil:
			if !b.replace(e.Pos(), e.End(), "nil") {
				name := types.TypeString(known.Type, (*types.Package).Name)
				b.replace(e.Pos(), e.End(), "*new("+strings.TrimPrefix(name, b.files[b.at].Name.Name+".")+")")
			}
		case basic.Info()&types.IsBoolean != 0:
			b.replace(e.Pos(), e.End(), "false")
			b.replace(e.Pos(), e.End(), "true")
		case basic.Info()&types.IsString != 0:
			b.replace(e.Pos(), e.End(), `""`)
		case basic.Info()&types.IsNumeric != 0 && b.text(e) != "1": // 1 becomes 0 as a number
			b.replace(e.Pos(), e.End(), "0")
		}
	}
}
