export type Reply = { readonly status: number; readonly body: unknown };

/** As the server names what is wrong. */
export function refuse(status: number, id: string, message = id): Reply {
  return { status, body: { id, message, detailed_error: "", request_id: "r", status_code: status } };
}
