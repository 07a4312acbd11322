module example.com/antom

go 1.19
