// A dialog above everything is a method of the element, and interop can call none of an element's own.
export const open = dialog => dialog.showModal();
export const close = dialog => dialog.close();
