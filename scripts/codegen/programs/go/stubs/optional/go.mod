module github.com/antihax/optional
