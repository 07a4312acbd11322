package com.fasterxml.jackson.datatype.jsr310;

/** A stub: the generated models have no dates. */
public class JavaTimeModule extends com.fasterxml.jackson.databind.module.SimpleModule {}
