// A dialog above everything is a method of the element, and interop can call none of an element's own.
export function open(dialog) {
  if (dialog.open) return false;
  dialog.showModal();
  return true;
}

export const close = dialog => dialog.close();
