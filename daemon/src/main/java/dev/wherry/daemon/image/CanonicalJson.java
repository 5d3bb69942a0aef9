package dev.wherry.daemon.image;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.wherry.daemon.error.CorruptContentException;
import java.io.IOException;
import java.io.UncheckedIOException;

/** JSON as images hold it. The same value always gives the same bytes, since digests are computed from them. */
public final class CanonicalJson {

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private CanonicalJson() {}

    public static byte[] write(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JacksonException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /**
     * @param what names the document in the message
     * @throws CorruptContentException when the bytes are no such document
     */
    public static <T> T read(byte[] bytes, Class<T> type, String what) {
        try {
            T value = MAPPER.readValue(bytes, type);
            if (value == null) {
                throw new CorruptContentException(what + " is empty");
            }
            return value;
        } catch (JacksonException malformed) {
            throw new CorruptContentException(what + " is malformed", malformed);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
