package dev.wherry.daemon.error;

import java.util.function.Supplier;

/** Reads and checks single fields of a request, so that an error says which of them must be changed. */
public final class RequestField {

    private RequestField() {}

    /**
     * The value of a field.
     *
     * @param name as the request has it, with dots where it is inside others: "health.test"
     * @throws InvalidInputException when the value cannot be accepted; it names the field
     */
    public static <T> T read(String name, Supplier<T> value) {
        try {
            return value.get();
        } catch (InvalidInputException invalid) {
            throw invalid.in(name);
        }
    }

    /** As {@link #read}, for a check that only accepts or throws. */
    public static void check(String name, Runnable check) {
        read(name, () -> {
            check.run();
            return null;
        });
    }
}
