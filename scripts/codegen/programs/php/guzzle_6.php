<?php

/** The generated client is for Guzzle 6. Guzzle 7 renamed this function. */

namespace GuzzleHttp\Psr7;

function build_query(array $parameters): string
{
    return Query::build($parameters);
}
