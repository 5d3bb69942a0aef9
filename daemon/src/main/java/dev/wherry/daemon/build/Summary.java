package dev.wherry.daemon.build;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a cache record says of its step: the instruction, and what it read. */
final class Summary {

    private final ObjectNode json = JsonNodeFactory.instance.objectNode();

    private Summary() {}

    static Summary of(Step step) {
        Summary summary = new Summary();
        summary.json.put("instruction", step.source());
        return summary;
    }

    Summary with(String name, String value) {
        json.put(name, value);
        return this;
    }

    Summary with(String name, long value) {
        json.put(name, value);
        return this;
    }

    String json() {
        return json.toString();
    }
}
