module example.com/antom

go 1.19

require (
	github.com/antihax/optional v1.0.0
	golang.org/x/oauth2 v0.1.0
)

// The generated client imports these two modules for functions that the Vault API does not use. With the stubs, it compiles offline.
replace (
	github.com/antihax/optional => ./stubs/optional
	golang.org/x/oauth2 => ./stubs/oauth2
)
