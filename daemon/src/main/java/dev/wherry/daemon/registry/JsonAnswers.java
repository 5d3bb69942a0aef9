package dev.wherry.daemon.registry;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wherry.daemon.registry.transport.ProtocolException;
import dev.wherry.daemon.registry.transport.RegistryResponse;
import java.io.IOException;

/** Answers in JSON, which may be as long as a list of all tags of a large repository. */
final class JsonAnswers {

    private static final int MAX_BYTES = 8 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonAnswers() {}

    static <T> T read(RegistryResponse answer, Class<T> type) throws IOException {
        try {
            byte[] bytes = answer.body().readNBytes(MAX_BYTES + 1);
            T value = bytes.length > MAX_BYTES ? null : JSON.readValue(bytes, type);
            if (value == null) {
                throw new ProtocolException("it answers with a list that is too long or empty");
            }
            return value;
        } catch (JacksonException malformed) {
            throw new ProtocolException("it does not answer in JSON");
        }
    }
}
