package dev.wherry.daemon.host.systemd;

import java.util.function.Consumer;

/**
 * A method call of D-Bus.
 *
 * @param path of the object
 * @param signature of the arguments
 * @param arguments writes them
 */
record BusCall(String path, String type, String method, String signature, Consumer<BusWriter> arguments) {

    /** Each connection carries one call. */
    static final int SERIAL = 1;

    private static final int METHOD_CALL = 1;
    private static final int VERSION = 1;
    private static final int PATH = 1;
    private static final int INTERFACE = 2;
    private static final int MEMBER = 3;
    private static final int DESTINATION = 6;
    private static final int SIGNATURE = 8;
    private static final int OFFSET_OF_BODY_LENGTH = 4;
    private static final int STRUCT = 8;

    /** The message. */
    byte[] toByteArray() {
        BusWriter message = new BusWriter();
        message.octet('l').octet(METHOD_CALL).octet(0).octet(VERSION).uint32(0).uint32(SERIAL);
        message.array(STRUCT, () -> {
            field(message, PATH, "o").text(path);
            field(message, INTERFACE, "s").text(type);
            field(message, MEMBER, "s").text(method);
            field(message, DESTINATION, "s").text("org.freedesktop.systemd1");
            field(message, SIGNATURE, "g").signature(signature);
        });
        message.align(STRUCT);
        int begin = message.position();
        arguments.accept(message);
        message.writeLength(OFFSET_OF_BODY_LENGTH, message.position() - begin);
        return message.toByteArray();
    }

    private static BusWriter field(BusWriter message, int code, String signature) {
        return message.align(STRUCT).octet(code).signature(signature);
    }
}
