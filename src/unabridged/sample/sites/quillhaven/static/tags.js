window.slots = [];
