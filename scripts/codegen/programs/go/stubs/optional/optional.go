package optional

type String struct{}

func (String) IsSet() bool   { return false }
func (String) Value() string { return "" }
