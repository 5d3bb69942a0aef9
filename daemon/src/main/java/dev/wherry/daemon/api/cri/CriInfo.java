package dev.wherry.daemon.api.cri;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;

/** What a verbose status has besides its fields: JSON for people and for crictl. */
final class CriInfo {

    private static final ObjectMapper JSON = new ObjectMapper();

    private CriInfo() {}

    static JsonNode parse(byte[] json) throws IOException {
        return JSON.readTree(json);
    }

    static String json(Object info) {
        try {
            return JSON.writeValueAsString(info);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
