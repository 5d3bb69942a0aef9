package dev.wherry.daemon.api.auth;

import dev.wherry.daemon.access.Role;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The least role that each method needs, from the table {@code method-roles.txt}. A method that is not in it needs the
 * highest; a test keeps the table complete.
 */
record MethodRules(Map<String, Role> roles) {

    private static final String TABLE = "method-roles.txt";

    MethodRules {
        roles = Map.copyOf(roles);
    }

    static MethodRules read() {
        try (InputStream table = MethodRules.class.getResourceAsStream(TABLE)) {
            return parse(new String(table.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** @param table lines of a method and a role; lines that begin with # are comments */
    static MethodRules parse(String table) {
        Map<String, Role> roles = new HashMap<>();
        table.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .map(line -> line.split("\\s+", 2))
                .forEach(line -> {
                    if (roles.put(line[0], Role.of(line[1]).orElseThrow()) != null) {
                        throw new IllegalStateException("two rules for " + line[0]);
                    }
                });
        return new MethodRules(roles);
    }

    /** @param method the full name, such as {@code wherry.v1.ImageService/List} */
    Role role(String method) {
        return roles.getOrDefault(method, Role.ADMIN);
    }
}
