module shipyard/hello

go 1.25
