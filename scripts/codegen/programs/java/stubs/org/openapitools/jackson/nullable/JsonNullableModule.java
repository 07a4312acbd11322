package org.openapitools.jackson.nullable;

/** A stub: the generated models have no nullable fields. */
public class JsonNullableModule extends com.fasterxml.jackson.databind.module.SimpleModule {}
