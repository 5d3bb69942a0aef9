package dev.wherry.contract;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.DescriptorProtos.SourceCodeInfo.Location;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The elements of a proto file without a comment that says more than their name. Descriptors name an element by a path of
 * field numbers and places, which {@code SourceCodeInfo} maps to comments.
 */
final class Comments {

    private final Map<List<Integer>, String> comments = new HashMap<>();
    private final List<String> missing = new ArrayList<>();

    private Comments(FileDescriptorProto file) {
        for (Location location : file.getSourceCodeInfo().getLocationList()) {
            String comment = location.getLeadingComments() + location.getTrailingComments();
            comments.put(location.getPathList(), comment);
        }
    }

    static List<String> missing(FileDescriptorProto file) {
        Comments comments = new Comments(file);
        for (int i = 0; i < file.getServiceCount(); i++) {
            comments.service(file.getService(i), List.of(FileDescriptorProto.SERVICE_FIELD_NUMBER, i));
        }
        for (int i = 0; i < file.getMessageTypeCount(); i++) {
            comments.message("", file.getMessageType(i), List.of(FileDescriptorProto.MESSAGE_TYPE_FIELD_NUMBER, i));
        }
        for (int i = 0; i < file.getEnumTypeCount(); i++) {
            comments.type("", file.getEnumType(i), List.of(FileDescriptorProto.ENUM_TYPE_FIELD_NUMBER, i));
        }
        return comments.missing;
    }

    private void service(ServiceDescriptorProto service, List<Integer> path) {
        require("", service.getName(), path);
        for (int i = 0; i < service.getMethodCount(); i++) {
            require(
                    service.getName() + ".",
                    service.getMethod(i).getName(),
                    below(path, ServiceDescriptorProto.METHOD_FIELD_NUMBER, i));
        }
    }

    private void message(String scope, DescriptorProto message, List<Integer> path) {
        if (message.getOptions().getMapEntry()) {
            return;
        }
        require(scope, message.getName(), path);
        String inside = scope + message.getName() + ".";
        for (int i = 0; i < message.getFieldCount(); i++) {
            require(inside, message.getField(i).getName(), below(path, DescriptorProto.FIELD_FIELD_NUMBER, i));
        }
        for (int i = 0; i < message.getNestedTypeCount(); i++) {
            message(inside, message.getNestedType(i), below(path, DescriptorProto.NESTED_TYPE_FIELD_NUMBER, i));
        }
        for (int i = 0; i < message.getEnumTypeCount(); i++) {
            type(inside, message.getEnumType(i), below(path, DescriptorProto.ENUM_TYPE_FIELD_NUMBER, i));
        }
    }

    private void type(String scope, EnumDescriptorProto type, List<Integer> path) {
        require(scope, type.getName(), path);
        for (int i = 0; i < type.getValueCount(); i++) {
            String value = type.getValue(i).getName();
            // What a client leaves out; the field says what that means, where it means anything.
            if (!value.endsWith("_UNSPECIFIED")) {
                require(scope + type.getName() + ".", value, below(path, EnumDescriptorProto.VALUE_FIELD_NUMBER, i));
            }
        }
    }

    private static List<Integer> below(List<Integer> path, int kind, int place) {
        List<Integer> below = new ArrayList<>(path);
        below.add(kind);
        below.add(place);
        return below;
    }

    private void require(String scope, String name, List<Integer> path) {
        String said = letters(comments.getOrDefault(path, ""));
        if (said.isEmpty() || said.equals(letters(name))) {
            missing.add(scope + name);
        }
    }

    private static String letters(String text) {
        return text.replaceAll("[^A-Za-z0-9]", "").toLowerCase();
    }
}
